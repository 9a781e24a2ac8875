"""Rules of device types: which controls and which cycle hold on a day (domain, section 2.3)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from layers.registers.devices import DeviceTypeRule


@pytest.mark.django_db
def test_two_rules_of_a_type_never_hold_on_one_day(world: object) -> None:
    rule = DeviceTypeRule.objects.filter(valid_to=None)[0]
    rule.pk, rule.valid_from = None, rule.valid_from + timedelta(days=30)
    with pytest.raises(IntegrityError, match="rule_alone_on_a_day"), transaction.atomic():
        rule.save(force_insert=True)


@pytest.mark.django_db
def test_a_rule_may_begin_on_the_day_the_one_before_it_ends(world: object) -> None:
    rule = DeviceTypeRule.objects.filter(valid_to=None)[0]
    change = rule.valid_from + timedelta(days=30)
    DeviceTypeRule.objects.filter(pk=rule.pk).update(valid_to=change)
    rule.pk, rule.valid_from = None, change
    rule.save(force_insert=True)
    assert DeviceTypeRule.objects.filter(device_type=rule.device_type, valid_from=change).exists()
