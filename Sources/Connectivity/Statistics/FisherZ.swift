import Glibc

/// Fisher's z: atanh r, with |r| clipped to 1 − 1e-7 so that a voxel with itself stays finite.
package func fisherZ(_ r: Double) -> Double { atanh(max(-1 + 1e-7, min(1 - 1e-7, r))) }

/// r of a Fisher z.
package func correlation(ofFisherZ z: Double) -> Double { tanh(z) }
