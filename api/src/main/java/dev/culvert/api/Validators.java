package dev.culvert.api;

/**
 * What decides on sessions and streams beside keys and scopes. <em>Immutable.</em>
 *
 * @param sessions asked for each node that wants to link
 * @param streams asked for each stream that comes in
 */
public record Validators(SessionValidator sessions, StreamValidator streams) {
    /** Keys and scopes decide alone. */
    public static final Validators NONE = new Validators(SessionValidator.ANY, StreamValidator.ANY);

    public Validators withSessions(SessionValidator newSessions) {
        return new Validators(newSessions, streams);
    }

    public Validators withStreams(StreamValidator newStreams) {
        return new Validators(sessions, newStreams);
    }
}
