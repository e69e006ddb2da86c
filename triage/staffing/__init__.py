"""What an organiser may ask about a rota: waits, what more people change, when the door should close."""
