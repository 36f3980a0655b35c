class OrderOutcomes:
    pass
