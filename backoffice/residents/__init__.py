"""What is known about residents, as dated snapshots; and who of them is never handled by machine."""
