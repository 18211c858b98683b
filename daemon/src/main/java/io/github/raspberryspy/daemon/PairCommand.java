package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.PairingKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.wire.PairingCode;
import io.github.raspberryspy.upload.Pairing;
import io.github.raspberryspy.upload.PairingClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins this camera to a master. */
@Command(name = "pair", description = "Joins this camera to a master, by a code of that master.")
final class PairCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CODE",
      arity = "1..*",
      description = "What the master's page shows, or \"raspberryspy master --config F --pair\".")
  private List<String> code;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The camera's configuration; default ${DEFAULT-VALUE}.")
  private Path config = Path.of("camera.yml");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The camera's name, in place of the configuration's.")
  private String name;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration.")
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    PairingCode read = PairingCode.parse(String.join("", code));
    List<String> all = new ArrayList<>(sets);
    if (name != null) {
      all.add("camera.name=" + name);
    }
    Settings settings = Settings.read(CameraKeys.ALL, config, System.getenv(), all);
    String camera = PairingKeys.camera(settings);
    if (!read.name().isEmpty() && !read.name().equals(camera)) {
      throw new UsageException(
          "the code is for the camera \"" + read.name() + "\", and this one is \"" + camera + "\"");
    }
    Path file = PairingKeys.file(settings);
    DurableFiles.createDirectories(file.toAbsolutePath().getParent());
    Pairing pairing = PairingClient.pair(read, camera);
    pairing.write(file);
    System.out.println("Camera " + camera + " is paired with " + pairing.master());
    System.out.println(
        "What it needs for that is in "
            + file
            + "; a camera that runs reads it when it starts again.");
    return Main.OK;
  }
}
