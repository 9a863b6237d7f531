"""Errors of the commissioning workflow."""

from __future__ import annotations

from drivers.errors import ExpectedError
from fieldtool.commissioning import errors as workflow
from fieldtool.explain import Explanation
from fieldtool.texts import N_

EXPLANATIONS: dict[type[ExpectedError], Explanation] = {
    workflow.PlanInvalid: Explanation(
        "plan_invalid",
        N_("The plan {file} cannot be used: {key}: {reason}"),
        N_("Correct this place; 'fieldtool schema plan' prints what a plan may contain."),
    ),
    workflow.SettingOutOfRange: Explanation(
        "setting_out_of_range",
        N_("{setting} = {value} {unit} is outside of {minimum} to {maximum} {unit}."),
        N_("Correct the plan or the site template; nothing has been written to the device."),
    ),
    workflow.UnknownSetting: Explanation(
        "unknown_setting",
        N_("The device type {device_type} has no setting {setting}."),
        N_("It has: {known}. Correct the plan; nothing has been written to the device."),
    ),
    workflow.UnknownSiteTemplate: Explanation(
        "unknown_site_template",
        N_("There is no site template {name}."),
        N_("There are: {known}. Correct the plan."),
    ),
    workflow.LabelWithoutDevEui: Explanation(
        "label_without_dev_eui",
        N_("The label ({format}) names no DevEUI."),
        N_("Scan the device's own label, usually inside the lid or on the box, or type the DevEUI."),
    ),
    workflow.OtherDevice: Explanation(
        "other_device",
        N_("The label says {label}, but the device on the cable is {found}."),
        N_("Connect the device whose label was scanned, or scan the label of this one. Nothing was written."),
    ),
    workflow.OtherModel: Explanation(
        "other_model",
        N_("The device on the cable says it is '{found}', not a {device_type}."),
        N_("Choose the matching device type ('fieldtool doctor' lists them). Nothing was written."),
    ),
    workflow.NoAppKey: Explanation(
        "no_app_key",
        N_("There is no AppKey to be had from: {source}"),
        N_("Name a key file of the maker in the plan, or let a key be generated."),
    ),
    workflow.KeyFileUnreadable: Explanation(
        "key_file_unreadable",
        N_("The key file {path} cannot be read, line {line}: {reason}"),
        N_("Use the maker's file as it came: one device a line with DevEUI and AppKey, split by ; or ,"),
    ),
    workflow.KeyNotInFile: Explanation(
        "key_not_in_file",
        N_("The key file {path} holds no key for {dev_eui}."),
        N_("Ask for the file of this delivery, or let a key be generated."),
    ),
    workflow.ReadingImplausible: Explanation(
        "reading_implausible",
        N_("{quantity} reads {value} {unit}; plausible is {low} to {high} {unit}."),
        N_("Check the probe and repeat. If the value is right, accept it with a reason in the plan."),
    ),
    workflow.ReadingStuck: Explanation(
        "reading_stuck",
        N_("{quantity} has read exactly {value} {count} times in a row: the probe may be stuck."),
        N_("Check plug and probe and repeat. If it is right, accept it in the plan with a reason."),
    ),
    workflow.PositionMissing: Explanation(
        "position_missing",
        N_("The plan names no position for the device."),
        N_("Name a GNSS port, coordinates, or the position of the asset in the plan."),
    ),
    workflow.AssetNotFound: Explanation(
        "asset_not_found",
        N_("There is no {asset_class} with the number {number} in this profile."),
        N_("Check the number on the plate, or import the list of this area first."),
    ),
    workflow.AssetAmbiguous: Explanation(
        "asset_ambiguous",
        N_("{count} records of {asset_class} have the number {number}."),
        N_("Give the record's own id instead; 'fieldtool assets --search {number}' shows them."),
    ),
    workflow.TooFarFromAsset: Explanation(
        "too_far_from_asset",
        N_("The device stands {distance_m} m from the asset; up to {limit_m} m is expected."),
        N_("Check number and position. If both are right, accept it with a reason in the plan."),
    ),
    workflow.AlreadyCommissioned: Explanation(
        "already_commissioned",
        N_("The device {dev_eui} was commissioned with another plan on {finished_at}."),
        N_("Use --again to commission it anew; the earlier record is kept."),
    ),
}
