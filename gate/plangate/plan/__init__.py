"""Bytes to Plan: sniffing, limits, values, references."""
