"""Errors of the profile, its database, its vault and its outbox."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool import operators, outbox, vault
from fieldtool.explain import Explanation
from fieldtool.store import errors as store
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    store.DiskFull: Explanation(
        "disk_full",
        N_("There is no space left to save: {path}"),
        N_("Free some space and repeat the last step. Everything before it is saved; nothing is half saved."),
    ),
    store.DiskFailed: Explanation(
        "disk_failed",
        N_("The disk reported an error ({cause}): {path}"),
        N_("Check disk or network drive, make a copy of the profile's folder and repeat the last step."),
    ),
    store.DatabaseCorrupt: Explanation(
        "database_corrupt",
        N_("The database is damaged: {path}"),
        N_("Do not delete it. Copy the profile's folder, then have it repaired; backups lie in {backups}."),
    ),
    store.DatabaseNewer: Explanation(
        "database_newer",
        N_("The database comes from a newer program (schema {schema}): {path}"),
        N_("Update Fieldtool on this machine; nothing has been changed."),
    ),
    store.DatabaseForeign: Explanation(
        "database_foreign",
        N_("This file belongs to another program: {path}"),
        N_("Choose another folder for the profile; nothing has been changed."),
    ),
    store.DatabaseBusy: Explanation(
        "database_busy",
        N_("Another program keeps the database busy: {path}"),
        N_("Close programs that look into the profile (database viewer, backup), then try again."),
    ),
    store.ProfileReadOnly: Explanation(
        "profile_read_only",
        N_("The profile cannot be opened, or not be written: {path}"),
        N_("Check the rights of the folder and whether the medium is write-protected."),
    ),
    store.ProfileMissing: Explanation(
        "profile_missing",
        N_("There is no profile in {directory}."),
        N_("Check the folder after --profile; the first import or commissioning makes a profile."),
    ),
    store.ProfileInUse: Explanation(
        "profile_in_use",
        N_("The profile {directory} is already open for writing: {holder}."),
        N_("Close the other Fieldtool window or wait for the other command, then try again."),
    ),
    store.NotFound: Explanation(
        "not_found",
        N_("There is no record {id} ({kind})."),
        N_("Check the id; 'fieldtool assets' and 'fieldtool devices' show what there is."),
    ),
    store.StaleVersion: Explanation(
        "stale_version",
        N_("The record {id} ({kind}) has been changed meanwhile: version {found} instead of {read}."),
        N_("Open the record again and repeat your change on what is there now."),
    ),
    store.AlreadyThere: Explanation(
        "already_there",
        N_("There is already another record ({kind}) with the same {fields}."),
        N_("Use the record that is there, or correct the value."),
    ),
    store.ReferenceBroken: Explanation(
        "reference_broken",
        N_("The record {id} ({kind}) names one that does not exist, or is still named by another one."),
        N_("Take over the missing record first, or first detach what hangs on this one."),
    ),
    vault.VaultLocked: Explanation(
        "vault_locked",
        N_("The vault of this profile is locked."),
        N_("Log in to the desktop's key store, or give the passphrase with --passphrase-file."),
    ),
    vault.WrongPassphrase: Explanation(
        "wrong_passphrase",
        N_("This is not the passphrase of this profile."),
        N_("Try again; capital letters count. Without the passphrase the stored keys cannot be read."),
    ),
    vault.SecretMissing: Explanation(
        "secret_missing",
        N_("The vault has no entry {name}."),
        N_("Enter it again: a key by commissioning, a token with 'fieldtool target add'."),
    ),
    vault.SecretDamaged: Explanation(
        "secret_damaged",
        N_("The entry {name} of the vault is damaged."),
        N_("Enter it again; the other entries are not affected."),
    ),
    vault.PassphraseUnreadable: Explanation(
        "passphrase_unreadable",
        N_("The file with the passphrase cannot be read: {path}"),
        N_("Check the path after --passphrase-file; the file holds one line of text in UTF-8."),
    ),
    operators.OperatorsMixed: Explanation(
        "operators_mixed",
        N_("This would mix things of {first} with things of {second}; nothing has been changed."),
        N_("Do it for each operator on its own; 'fieldtool history --id ID' shows whose a record is."),
    ),
    outbox.TargetExists: Explanation(
        "target_exists",
        N_("There is already a target named {name}."),
        N_("Choose another name, or remove the target first."),
    ),
    outbox.UnknownTarget: Explanation(
        "target_unknown",
        N_("There is no target named {name}."),
        N_("Known targets: {known}. Add one with 'fieldtool target add'."),
    ),
}
