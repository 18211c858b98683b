package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The camera daemon. */
@Command(name = "camera", description = "Records a camera and brings its footage to the master.")
final class CameraCommand implements Callable<Integer> {

  private static final Duration FOREVER = Duration.ofDays(36_500);

  @ArgGroup(multiplicity = "1")
  private What what;

  /** Run, or show the reference. */
  static final class What {
    @Option(names = "--config", paramLabel = "FILE", description = "The camera's configuration.")
    private Path config;

    @Option(names = "--print-config", description = "Print a commented configuration and end.")
    private boolean printConfig;
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration.")
  private List<String> sets = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (what.printConfig) {
      System.out.print(Reference.camera());
      return Main.OK;
    }
    Settings settings = Settings.read(CameraKeys.ALL, what.config, System.getenv(), sets);
    try (CameraNode node =
            CameraNode.start(CameraKeys.camera(settings), new PipelineListener() {});
        Interrupts interrupts = Interrupts.closing(node)) {
      node.awaitStop(FOREVER);
    }
    return Main.OK;
  }
}
