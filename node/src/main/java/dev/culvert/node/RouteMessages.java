package dev.culvert.node;

import dev.culvert.link.proto.AdvertisedRoute;
import dev.culvert.link.proto.RouteEvent;
import dev.culvert.link.proto.SnapshotEnd;

/** Adverts as messages and back. <em>Stateless.</em> [ROUTE-12] */
final class RouteMessages {
    private RouteMessages() {}

    static RouteEvent of(Neighbour.Message message) {
        RouteEvent.Builder event = RouteEvent.newBuilder();
        if (message instanceof Neighbour.Offered offered) {
            event.setOffered(offered(offered.advert()));
        } else if (message instanceof Neighbour.Gone gone) {
            event.setGone(named(gone.id(), gone.version()).setWithdrawn(gone.withdrawn()));
        } else {
            event.setSynced(SnapshotEnd.getDefaultInstance());
        }
        return event.build();
    }

    private static AdvertisedRoute.Builder offered(Advert advert) {
        return named(advert.id(), advert.version())
                .addAllPath(advert.path())
                .setPrincipal(advert.holder().principal())
                .setShared(advert.holder().shared())
                .setSinceMillis(advert.holder().sinceMillis())
                .putAllLabels(advert.holder().httpTerms().labels())
                .setLost(advert.lost());
    }

    private static AdvertisedRoute.Builder named(Advert.Id id, Advert.Version version) {
        return AdvertisedRoute.newBuilder()
                .setNode(id.key().node())
                .setService(id.key().service())
                .setPort(id.key().port())
                .setOrigin(id.origin())
                .setBoot(version.boot())
                .setSequence(version.sequence());
    }

    /** @param namespace of the session: a neighbour speaks of this one only */
    static Advert advert(AdvertisedRoute message, String namespace) {
        return new Advert(
                key(message, namespace),
                message.getOrigin(),
                version(message),
                new Advert.Holder(
                        message.getPrincipal(),
                        message.getShared(),
                        message.getSinceMillis(),
                        HttpTerms.of(message.getLabelsMap())),
                message.getLost(),
                message.getPathList());
    }

    static Neighbour.Gone gone(AdvertisedRoute message, String namespace) {
        return new Neighbour.Gone(
                new Advert.Id(key(message, namespace), message.getOrigin()), version(message), message.getWithdrawn());
    }

    private static NameKey key(AdvertisedRoute message, String namespace) {
        return new NameKey(namespace, message.getNode(), message.getService(), message.getPort());
    }

    private static Advert.Version version(AdvertisedRoute message) {
        return new Advert.Version(message.getBoot(), message.getSequence());
    }
}
