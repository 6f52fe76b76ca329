"""Learning platforms: whose file is whose in their archives, and grades in the form in which they take them.

To add a platform: docs/platforms.md, and CONTRIBUTING.md for one with a format of its own.
"""

from .collecting import PLATFORMS, PlatformCollector, PlatformExtractor, collect
from .upload import Uploads

__all__ = ["PLATFORMS", "PlatformCollector", "PlatformExtractor", "Uploads", "collect"]
