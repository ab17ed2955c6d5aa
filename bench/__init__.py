"""Side-by-side measurements: this project's own work beside what others would do it with."""
