"""Search as you type: units of today and of before 2025, numbers, what bodies can do, types of devices, names."""
