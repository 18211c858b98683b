package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.MasterKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.sink.MasterServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The master. */
@Command(name = "master", description = "Keeps the footage of the cameras and shows it.")
final class MasterCommand implements Callable<Integer> {

  @ArgGroup(multiplicity = "1")
  private What what;

  /** Run, or show the reference. */
  static final class What {
    @Option(names = "--config", paramLabel = "FILE", description = "The master's configuration.")
    private Path config;

    @Option(names = "--print-config", description = "Print a commented configuration and end.")
    private boolean printConfig;
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--camera-token",
      paramLabel = "NAME",
      description = "Print the token of the camera of this name, a secret, and end.")
  private String cameraToken;

  @Option(names = "--json", description = "Print the address as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (what.printConfig) {
      System.out.print(Reference.master());
      return Main.OK;
    }
    Settings settings = Settings.read(MasterKeys.ALL, what.config, System.getenv(), sets);
    if (cameraToken != null) {
      System.out.println(
          MasterServer.credentialFor(MasterKeys.folder(settings), cameraToken).token());
      return Main.OK;
    }
    CountDownLatch asked = new CountDownLatch(1);
    try (MasterServer master = MasterServer.start(MasterKeys.master(settings));
        Interrupts interrupts = Interrupts.closing(asked::countDown)) {
      announce(master);
      asked.await();
      master.close();
    }
    return Main.OK;
  }

  private void announce(MasterServer master) {
    if (json) {
      Map<String, Object> ready = new LinkedHashMap<>();
      ready.put("event", "ready");
      ready.put("url", master.url().toString());
      ready.put("signIn", master.signInLink().toString());
      Json.print(ready);
    } else {
      System.out.println("The page: " + master.url());
      System.out.println("Sign in:  " + master.signInLink());
    }
  }
}
