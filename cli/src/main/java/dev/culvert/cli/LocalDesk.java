package dev.culvert.cli;

import dev.culvert.api.Binding;
import dev.culvert.api.CulvertException;
import dev.culvert.node.ExposedService;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Does what the commands of this machine ask of a running node: tells its status, and offers services for as long as they are wanted. Any
 * thread; what was registered here belongs to this process and ends with it.
 */
final class LocalDesk implements LocalDoor.Desk {
    private final RunningNode running;
    private final boolean registers;
    private final Map<String, Binding> bindings = new ConcurrentHashMap<>();

    /** @param registers whether it takes registrations */
    LocalDesk(RunningNode running, boolean registers) {
        this.running = running;
        this.registers = registers;
    }

    @Override
    public String answer(String line, LocalDoor.CallerGone end) {
        try {
            LocalRequest request = LocalRequest.parse(line);
            return switch (request.what()) {
                case "status" -> running.statusJson();
                case "who" ->
                    Json.of(Map.of(
                            "node", running.node().name(),
                            "pid", ProcessHandle.current().pid(),
                            "registers", registers));
                case "register" -> register(request, end);
                case "unregister" -> unregister(request.service());
                default ->
                    throw Failure.usage(
                            "request '" + request.what() + "' (expected: status, who, register or unregister)");
            };
        } catch (Failure e) {
            return Event.of("error", "")
                    .with("code", e.reason())
                    .with("exitCode", e.exitCode().number())
                    .with("message", e.line())
                    .json();
        }
    }

    private String register(LocalRequest request, LocalDoor.CallerGone end) throws Failure {
        if (!registers) {
            throw Failure.usage("this process takes no registrations; start one that does: culvert agent");
        }
        ExposedService service = Services.service(
                request.service(),
                request.target(),
                request.shared(),
                request.publicPort(),
                request.options(),
                Map.of());
        ProcessHandle owner = request.pid() == 0 ? null : owner(request.pid());
        Binding binding = bind(request.service(), service);
        if (owner != null) {
            owner.onExit().thenRun(() -> end(request.service(), binding));
        }
        if (request.stay()) {
            end.then(() -> end(request.service(), binding));
        }
        return Event.of("registered", "")
                .with("service", request.service())
                .with("node", running.node().name())
                .with("target", service.target().toString())
                .with("publicPort", binding.publicPort())
                .json();
    }

    private static ProcessHandle owner(long pid) throws Failure {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .orElseThrow(
                        () -> Failure.usage("process " + pid + ": is not there (expected: the id of one that runs)"));
    }

    private Binding bind(String name, ExposedService service) throws Failure {
        Binding binding;
        try {
            binding = running.expose(service);
        } catch (CulvertException e) {
            throw Failure.of("register " + name, e);
        } catch (IOException e) {
            throw new Failure(ExitCode.NO_ROUTE, "register " + name + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
        bindings.put(name, binding);
        return binding;
    }

    private String unregister(String name) throws Failure {
        Binding binding = bindings.remove(name);
        if (binding == null) {
            throw new Failure(
                    ExitCode.UNKNOWN_NAME, "unregister " + name + ": nobody registered it here; see: culvert status");
        }
        binding.close();
        return Event.of("unregistered", "").with("service", name).json();
    }

    private void end(String name, Binding binding) {
        if (bindings.remove(name, binding)) {
            binding.close();
        }
    }
}
