import time
from django.utils import timezone
from jalon.exchange import sending
from tests.exchange import world as worlds

def test_x(world, house, body):
    for n in (1,2,3):
        t=time.time()
        r = worlds.record(house, number=n)
        d = worlds.publish(worlds.plan(r), timezone.now())
        print("pub", time.time()-t); t=time.time()
        for k, one in d.items():
            again = sending.run(body.pk, str(one.pk))
            print(k, time.time()-t); t=time.time()
    from jalon.exchange.compose import plan
    v = one.document.record.plans.get().versions.get()
    t=time.time(); x=plan.printed(v); print("printed", time.time()-t)
    assert 0
