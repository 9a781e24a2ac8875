from pathlib import Path

from scripts.cluster_settings import configuration


def test_the_private_server_listens_on_this_machine_alone():
    assert "listen_addresses = '127.0.0.1'" in configuration(port=54320, folder=Path("/srv/map/var/pg"))


def test_a_folder_too_long_for_a_socket_goes_without():
    assert "unix_socket_directories = ''" in configuration(port=54320, folder=Path("/srv/" + "long/" * 30))


def test_a_power_cut_must_not_cost_the_registers():
    assert "fsync = 'on'" in configuration(port=54320, folder=Path("/srv/map/var/pg"))
