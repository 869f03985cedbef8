"""How does a page become a file again? As JPEG, to be looked at; whatever was covered on it is gone."""

import cv2
import numpy as np

from ocr.decode import Grey

_JPEG_QUALITY = 85


def jpeg(page: Grey) -> bytes:
    _, encoded = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return np.asarray(encoded, dtype=np.uint8).tobytes()
