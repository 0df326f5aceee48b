"""Reads a folder of `boldspect export dicom` with pydicom and highdicom, and compares maps with the image they are of.

usage: dicom_export_check.py FOLDER [MAP.nii.gz]
"""
import glob
import os
import sys

import highdicom as hd
import numpy as np
import pydicom

PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30"
MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4"
SR_3D = "1.2.840.10008.5.1.4.1.1.88.34"


def compare(name, values, affine, image, step):
    """Largest difference in value and in mm, over every voxel; `affine` leads from (slice, row, column) to LPS mm."""
    ras = np.diag([-1.0, -1, 1, 1]) @ affine
    index = np.stack(np.meshgrid(*map(range, values.shape), indexing="ij"), -1).reshape(-1, 3)
    index = np.c_[index, np.ones(len(index))]
    there = ras @ index.T
    voxels = np.round(np.linalg.inv(image.affine) @ there)
    apart = np.abs(image.affine @ voxels - there)[:3].max()
    stored = np.asarray(image.dataobj, dtype=np.float32)
    wanted = stored[tuple(voxels[:3].astype(int))]
    found = values.reshape(-1)
    same = np.array_equal(np.isnan(wanted), np.isnan(found))
    difference = np.nanmax(np.abs(wanted - found))
    good = bool(same and apart <= 1e-3 and difference <= step * 1.0001)
    print(f"{name}: {found.size} voxels, largest difference {difference:.3g} (allowed {step:.3g}), {apart:.2g} mm, "
          f"{'right' if good else 'WRONG'}")
    return good


def main():
    folder = sys.argv[1]
    image = None
    if len(sys.argv) > 2:
        import nibabel
        image = nibabel.load(sys.argv[2])
    files = {f: pydicom.dcmread(f) for f in sorted(glob.glob(os.path.join(folder, "*.dcm")))}
    good = bool(files)
    slices = {}
    for path, ds in files.items():
        name = os.path.basename(path)
        if ds.SOPClassUID == PARAMETRIC_MAP:
            pm = hd.pm.ParametricMap.from_dataset(ds)
            volume = pm.get_volume(apply_real_world_transform=False)
            if image is not None:
                good &= compare(name, volume.array, volume.affine, image, 0)
            else:
                print(f"{name}: {volume.array.shape}")
        elif ds.SOPClassUID == MR_IMAGE:
            slices.setdefault(ds.SeriesInstanceUID, []).append(ds)
        elif ds.SOPClassUID == SR_3D:
            report = hd.sr.srread(path)
            for group in report.content.get_planar_roi_measurement_groups():
                print(f"{name}: {group.tracking_identifier} at {group.roi.value.tolist()} mm LPS")
        else:
            print(f"{name}: {ds.SOPClassUID.name}")
    for group in slices.values():
        volume = hd.get_volume_from_series(group, apply_modality_transform=False)
        stored = volume.array.astype(float)
        slope = float(group[0].RescaleSlope)
        values = np.where(stored == group[0].PixelPaddingValue, np.nan, stored * slope)
        if image is not None:
            good &= compare(f"{len(group)} MR slices", values, volume.affine, image, slope / 2)
        else:
            print(f"{len(group)} MR slices: {values.shape}")
    sys.exit(0 if good else 1)


main()
