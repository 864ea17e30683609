package dev.culvert.examples;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A controller that can be dialled and an appliance that cannot, calling each other every second until killed: {@code java ...
 * ControllerAndAppliance controller 3333} and, elsewhere, {@code ... appliance controller.example.com 3333}. Kill either and start it again:
 * the calls go on.
 */
public final class ControllerAndAppliance {
    private ControllerAndAppliance() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 2 && args[0].equals("controller")) {
            try (RoutableSide controller = new RoutableSide(new ServerSocket(Integer.parseInt(args[1])))) {
                callEverySecond(controller::ask);
            }
        } else if (args.length == 3 && args[0].equals("appliance")) {
            InetSocketAddress address = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
            try (SideBehindNat appliance = new SideBehindNat(address)) {
                callEverySecond(appliance::ask);
            }
        } else {
            System.err.println("expected: controller PORT, or appliance HOST PORT");
        }
    }

    private static void callEverySecond(Supplier<String> call) throws InterruptedException {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        timer.scheduleWithFixedDelay(() -> System.out.println(outcome(call)), 0, 1, TimeUnit.SECONDS);
        timer.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
    }

    private static String outcome(Supplier<String> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return "failed: " + e.getMessage();
        }
    }
}
