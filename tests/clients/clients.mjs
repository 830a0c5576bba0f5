// clients.mjs - one of the npm clients, as a shop would use it.
//
// usage: node clients.mjs CLIENT URL KEY PREFIX     exit 1 when the client was not told that all is well
//
// CLIENT is segment, rudder, cloudevents or standardwebhooks; KEY its write key, token or secret.
// Each publishes that order PREFIX-1 was placed and PREFIX-2 delivered by customer PREFIX.
import {Analytics as Segment} from '@segment/analytics-node';
import Rudder from '@rudderstack/rudder-sdk-node';
import {CloudEvent, HTTP} from 'cloudevents';
import {Webhook} from 'standardwebhooks';

const [client, url, key, prefix] = process.argv.slice(2);
const placed = {
  order_id: `${prefix}-1`, total: 0.1 + 0.2, currency: 'EUR',
  products: [{sku: 'a', quantity: 1, price: 0.3, category: 'tea'}],
};

function fail(why) {
  console.error(`${client}: ${why?.message ?? JSON.stringify(why)}`);
  process.exit(1);
}

async function post(headers, body) {
  const answer = await fetch(`${url}/v1/events`, {method: 'POST', headers, body});
  if (answer.status !== 202) fail(`${answer.status} ${await answer.text()}`);
}

const clients = {
  async segment() {
    const analytics = new Segment({writeKey: key, host: url, maxRetries: 20, flushInterval: 100});
    analytics.on('error', fail);
    analytics.identify({userId: prefix, traits: {email: `${prefix}@example.com`, newsletter: true}});
    analytics.track({userId: prefix, event: 'Order Completed', properties: placed});
    analytics.track({userId: prefix, event: 'Order Delivered', properties: {order_id: `${prefix}-2`}});
    analytics.page({userId: prefix, name: 'Home'});
    analytics.track({anonymousId: 'somebody', event: 'Order Completed', properties: placed});
    await analytics.closeAndFlush();
  },

  async rudder() {
    const analytics = new Rudder(key, {dataPlaneUrl: url, flushInterval: 100, maxFlushRetries: 20});
    const done = (error) => error && fail(error);
    analytics.identify({userId: prefix, traits: {email: `${prefix}@example.com`, newsletter: true}}, done);
    analytics.track({userId: prefix, event: 'Order Completed', properties: placed}, done);
    analytics.track({userId: prefix, event: 'Order Delivered', properties: {order_id: `${prefix}-2`}}, done);
    await analytics.flush();
  },

  // One in binary mode, one structured.
  async cloudevents() {
    const about = {source: 'https://shop.example/orders', subject: prefix};
    const binary = HTTP.binary(new CloudEvent({
      ...about, id: `${prefix}-m-1`, type: 'order.placed',
      data: {order: {id: `${prefix}-1`, amount: '0.30', currency: 'EUR'}},
    }));
    const structured = HTTP.structured(new CloudEvent({
      ...about, id: `${prefix}-m-2`, type: 'order.delivered', data: {order: {id: `${prefix}-2`}},
    }));
    for (const {headers, body} of [binary, structured])
      await post({...headers, authorization: `Bearer ${key}`}, body);
  },

  async standardwebhooks() {
    for (const [type, order] of [['order.placed', '1'], ['order.delivered', '2']]) {
      const id = `${prefix}-m-${order}`, at = new Date();
      const body = JSON.stringify({
        id, type, time: at.toISOString(), customer: {id: prefix}, order: {id: `${prefix}-${order}`},
      });
      await post({
        'content-type': 'application/json', 'webhook-id': id,
        'webhook-timestamp': `${Math.floor(at / 1000)}`,
        'webhook-signature': new Webhook(key).sign(id, at, body),
      }, body);
    }
  },
};

await clients[client]();
process.exit(0);
