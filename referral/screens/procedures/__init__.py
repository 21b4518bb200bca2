"""The standard procedures on screen: reading, printing, comparing; editors propose, a supervisor or a DPO decides."""
