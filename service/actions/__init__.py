"""What can happen. Each action is one transaction, committed here and nowhere else."""
