"""What all rooms stand on: the gradebook's database, texts, times, files and processes, and bounds for all that reads
what strangers write. It knows neither the course nor a notebook."""
