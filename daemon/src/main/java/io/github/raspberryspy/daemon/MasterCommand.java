package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.MasterKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.sink.MasterServer;
import io.github.raspberryspy.sink.Qr;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The master. */
@Command(name = "master", description = "Keeps the footage of the cameras and shows it.")
final class MasterCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;

  @Option(
      names = "--camera-token",
      paramLabel = "NAME",
      description = "Print the token of the camera of this name, a secret, and end.")
  private String cameraToken;

  @Option(
      names = "--reset-owner",
      description = "Print a link at which an owner who forgot the password sets another one.")
  private boolean resetsOwner;

  @Option(
      names = "--pair",
      description = "Print a code that pairs one camera within ten minutes, a secret, and end.")
  private boolean pair;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "With --pair, the camera that the code is for; any where it is not given.")
  private String name = "";

  @Option(
      names = "--anew",
      description = "With --pair, the camera takes its name from the one that has it.")
  private boolean anew;

  @Option(names = "--json", description = "Print the address as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (options.printsReference()) {
      System.out.print(Reference.master());
      return Main.OK;
    }
    Settings settings = options.read(MasterKeys.ALL);
    if (cameraToken != null) {
      System.out.println(
          MasterServer.credentialFor(MasterKeys.master(settings), cameraToken).token());
      return Main.OK;
    }
    if (pair) {
      printCode(MasterServer.pairingCode(MasterKeys.master(settings), name, anew).text());
      return Main.OK;
    }
    CountDownLatch asked = new CountDownLatch(1);
    try (MasterServer master = MasterServer.start(MasterKeys.master(settings));
        Interrupts interrupts = Interrupts.closing(asked::countDown)) {
      if (!master.isServing()) {
        announceStandby(master);
      }
      master.whenServing(() -> announce(master));
      asked.await();
      master.close();
    }
    return Main.OK;
  }

  private void printCode(String code) {
    if (json) {
      Json.print(Map.of("code", code));
      return;
    }
    System.err.print(Qr.terminal(code)); // for people; the code alone is for programs too
    System.err.println("On the camera, within ten minutes: raspberryspy pair CODE, which is");
    System.out.println(code);
  }

  private void announceStandby(MasterServer master) {
    if (json) {
      Json.print(event("standby", master));
    } else {
      System.out.println("Another replica serves; this one stands by: " + master.url());
    }
  }

  /** Who has an owner's password needs no link, and a link that lies about is a way in. */
  private void announce(MasterServer master) {
    boolean isNew = !master.hasOwner();
    Map<String, Object> ready = event("ready", master);
    if (isNew || resetsOwner) {
      ready.put("welcome", master.welcomeLink().toString());
    }
    if (isNew) {
      ready.put("signIn", master.signInLink().toString());
    }
    Optional<String> fingerprint = master.certificateFingerprint();
    fingerprint.ifPresent(f -> ready.put("certificate", f));
    if (json) {
      Json.print(ready);
    } else {
      System.out.println("The page: " + master.url());
      fingerprint.ifPresent(
          f ->
              System.out.println(
                  "A browser warns of it, since nobody else signed its certificate. That is the"
                      + " master's if its SHA-256 fingerprint is "
                      + f));
      System.out.println(
          ready.containsKey("welcome")
              ? "Set your name and password: " + ready.get("welcome")
              : "Sign in there with your name and password.");
    }
  }

  private static Map<String, Object> event(String name, MasterServer master) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", name);
    event.put("url", master.url().toString());
    return event;
  }
}
