"""What all requests share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from fieldtool.training.database import Database
from fieldtool.training.events import Events
from fieldtool.training.fault_plan import FaultPlan


@dataclass
class Platform:
    """`stopping` ends answers that are held back."""

    directory: Path
    database: Database
    faults: FaultPlan
    events: Events
    stopping: threading.Event = field(default_factory=threading.Event)
