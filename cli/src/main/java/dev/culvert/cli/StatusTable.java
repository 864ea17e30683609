package dev.culvert.cli;

import dev.culvert.node.NodeStatus;
import dev.culvert.node.NodeStatus.LinkStatus;
import dev.culvert.node.NodeStatus.ServiceStatus;
import dev.culvert.node.NodeStatus.SessionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A status as a person reads it. <em>Stateless.</em> */
final class StatusTable {
    private static final int MAX_NAMES = 3;

    private StatusTable() {}

    /** @param process its id */
    static String of(NodeStatus status, String process) {
        StringBuilder text = new StringBuilder(" ")
                .append(status.role())
                .append(' ')
                .append(status.node())
                .append("   process ")
                .append(process)
                .append("   namespace ")
                .append(status.namespace());
        status.listening().forEach(address -> text.append("   ").append(address));
        text.append('\n').append(Foreground.line(status.traffic()));
        append(text, links(status.links()));
        append(text, sessions(status.sessions()));
        append(text, services(status.services()));
        append(text, forwards(status.services()));
        return text.toString();
    }

    private static void append(StringBuilder text, List<List<String>> rows) {
        if (rows.size() > 1) {
            text.append("\n\n").append(Table.of(rows));
        }
    }

    private static List<List<String>> links(List<LinkStatus> links) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RELAY", "STATE", "ITS NAME", "RTT", "LAST LOSS"));
        links.forEach(link ->
                rows.add(List.of(link.relay(), link.state(), link.node(), rtt(link.roundTripMicros()), link.reason())));
        return rows;
    }

    private static List<List<String>> sessions(List<SessionStatus> sessions) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("LINKED NODE", "OFFERS", "NAMESPACE", "FROM", "STREAMS", "RTT", "PRINCIPAL"));
        sessions.forEach(session -> rows.add(List.of(
                session.node(),
                offers(session.offers()),
                session.namespace(),
                session.remoteAddress(),
                Integer.toString(session.streams()),
                rtt(session.roundTripMicros()),
                session.principal())));
        return rows;
    }

    private static List<List<String>> services(List<ServiceStatus> services) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SERVICE", "NODE", "NAMESPACE", "STATE", "TARGET", "PUBLIC PORT"));
        services.stream()
                .filter(service -> !isForward(service))
                .forEach(service -> rows.add(List.of(
                        service.service(),
                        service.node(),
                        service.namespace(),
                        service.state(),
                        service.target(),
                        service.publicPort() > 0 ? Integer.toString(service.publicPort()) : "")));
        return rows;
    }

    private static List<List<String>> forwards(List<ServiceStatus> services) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("LOCAL PORT", "LEADS TO"));
        services.stream()
                .filter(StatusTable::isForward)
                .forEach(forward -> rows.add(List.of(forward.target(), forward.service())));
        return rows;
    }

    private static boolean isForward(ServiceStatus service) {
        return service.state().equals("forward");
    }

    /** Callers offer nothing; of one that offers much, the first few names. */
    private static String offers(List<String> names) {
        String few = String.join(",", names.subList(0, Math.min(MAX_NAMES, names.size())));
        return names.isEmpty() ? "-" : names.size() > MAX_NAMES ? few + ",... (" + names.size() + ")" : few;
    }

    private static String rtt(long micros) {
        return micros < 0 ? "-" : Units.time(Duration.ofNanos(micros * 1000));
    }
}
