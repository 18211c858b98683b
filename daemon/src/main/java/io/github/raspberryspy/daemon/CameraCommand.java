package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.PipelineListener;
import io.github.raspberryspy.camera.PipelineState;
import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.daemon.config.CameraKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.natives.systemd.ServiceManager;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The camera daemon. */
@Command(name = "camera", description = "Records a camera and brings its footage to the master.")
final class CameraCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (options.printsReference()) {
      System.out.print(Reference.camera());
      return Main.OK;
    }
    Settings settings = options.read(CameraKeys.ALL);
    ServiceManager service = ServiceManager.fromEnvironment();
    Duration glance = service.watchdogInterval().orElse(Duration.ofSeconds(1));
    try (CameraNode node =
            CameraNode.start(
                Adjustable.of(settings), new ServiceStatus(service), clockIsSet(settings));
        Interrupts interrupts = Interrupts.closing(node::leave)) {
      while (!node.awaitStop(glance)) {
        service.keepAlive();
        if (isTooLarge(CameraKeys.memory(settings))) {
          return Main.OUT_OF_MEMORY; // what is open is sealed first
        }
      }
    } finally {
      service.stopping();
    }
    return Main.OK;
  }

  private static BooleanSupplier clockIsSet(Settings settings) {
    return CameraKeys.isClockTrusted(settings) ? () -> true : SetClock.here();
  }

  private static boolean isTooLarge(long most) {
    long held = ResidentMemory.bytes().orElse(0);
    if (most == 0 || held <= most) {
      return false;
    }
    System.err.printf(
        Locale.ROOT,
        "raspberryspy: the process holds %d MB of memory, and key \"supervise.memory\" allows %d MB:"
            + " it ends, to be started again%n",
        held >> 20,
        most >> 20);
    return true;
  }

  /** Tells the service manager how the camera is. */
  private record ServiceStatus(ServiceManager service) implements PipelineListener {
    @Override
    public void onFault(CameraFault fault) {
      service.status(fault.sentence());
    }

    @Override
    public void onState(PipelineState state, String problem) {
      if (state == PipelineState.RUNNING) {
        service.ready();
      }
      service.status(problem.isEmpty() ? state.name().toLowerCase(Locale.ROOT) : problem);
    }
  }
}
