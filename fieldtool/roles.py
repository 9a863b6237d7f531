"""What the roles are called."""

from __future__ import annotations

from fieldtool.texts import N_

ROLES = {"technik": N_("technicians"), "bestand": N_("inventory"), "schule": N_("school")}
