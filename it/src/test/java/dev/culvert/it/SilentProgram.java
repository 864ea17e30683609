package dev.culvert.it;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Opens connections to {@code HOST PORT}, so many as {@code COUNT} says, never writes a byte, and holds them until it is killed. */
final class SilentProgram {
    private SilentProgram() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            sockets.add(new Socket(args[0], Integer.parseInt(args[1])));
        }
        System.out.println("holding " + sockets.size());
        new CountDownLatch(1).await();
    }
}
