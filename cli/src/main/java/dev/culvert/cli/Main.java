package dev.culvert.cli;

/** Where the process starts. <em>Stateless.</em> */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("culvert 0.1.0-SNAPSHOT");
    }
}
