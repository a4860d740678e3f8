"""The one seam to the network: requests that cannot be led astray, and the secrets that go with them."""

from __future__ import annotations

from .client import BODY_LIMIT, Http, Response, tls
from .errors import DeliveryError
from .guard import ALLOW, Rules
from .secret import MASK, Scrubber, Secret

__all__ = ["ALLOW", "BODY_LIMIT", "MASK", "DeliveryError", "Http", "Response", "Rules", "Scrubber", "Secret", "tls"]
