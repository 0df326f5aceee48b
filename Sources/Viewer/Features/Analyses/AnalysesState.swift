package import Connectivity

/// Motion, matrix, networks and the course under the slices.
package struct AnalysesState: Sendable {
  package var course = CourseKind.cleaned
  package var carpet: Carpet?
  package var matrix: ConnectivityMatrix?
  package var networks: NetworkReport?
}
