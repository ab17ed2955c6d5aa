"""Did it really go on air? What a monitor receiver hears, held against what was handed to the transmitter."""
