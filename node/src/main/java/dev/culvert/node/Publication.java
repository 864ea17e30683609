package dev.culvert.node;

import dev.culvert.api.PublicTerms;
import java.util.List;

/**
 * What a relay knows of a name, for those who call without a credential. <em>Immutable.</em>
 *
 * @param terms if it is {@link Visibility#PUBLIC}: of all that offer it, each once; all must be met. Else empty
 */
public record Publication(Visibility visibility, List<PublicTerms> terms) {
    static final Publication UNKNOWN = new Publication(Visibility.UNKNOWN, List.of());
    static final Publication AWAY = new Publication(Visibility.AWAY, List.of());
    static final Publication PRIVATE = new Publication(Visibility.PRIVATE, List.of());
    private static final Publication ANYONE = new Publication(Visibility.PUBLIC, List.of(PublicTerms.ANYONE));

    public Publication {
        terms = List.copyOf(terms);
    }

    /** What the nodes say together that offer it, of which there is one at least. */
    static Publication of(List<Route> routes) {
        if (routes.stream().allMatch(route -> route.offer().publicTerms().equals(PublicTerms.ANYONE))) {
            return ANYONE;
        }
        List<PublicTerms> terms = routes.stream()
                .map(route -> route.offer().publicTerms())
                .distinct()
                .toList();
        return terms.stream().allMatch(PublicTerms::open) ? new Publication(Visibility.PUBLIC, terms) : PRIVATE;
    }
}
