package let phantomsPlaceholder = 0
