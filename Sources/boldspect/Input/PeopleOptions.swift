import ArgumentParser

/// Whose files may come together.
struct PeopleOptions: ParsableArguments {
  @Flag(help: "Files whose names say that they are of several people are meant to come together.")
  var mixedPeople = false
}
