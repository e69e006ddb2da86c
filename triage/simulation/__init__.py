"""The queue under a simulated clock: its own chooser and its own lifecycle, people made of numbers."""
