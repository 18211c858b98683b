package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.MasterKeys;
import io.github.raspberryspy.daemon.config.Settings;
import io.github.raspberryspy.sink.MasterCheck;
import io.github.raspberryspy.sink.store.FootageCheck;
import io.github.raspberryspy.sink.store.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Verifies a spool or a footage folder by its files, or a master's footage by its index. */
@Command(
    name = "check",
    description = {
      "Verifies a spool or a footage folder by its files: presence, size, hash, playable;",
      "or all that a master keeps, in a bucket too, by its index: presence, size, hash.",
      "Changes nothing, and may run beside the master."
    })
final class CheckCommand implements Callable<Integer> {

  @ArgGroup(multiplicity = "1")
  private What what;

  /** A folder or a master. */
  static final class What {
    @Parameters(paramLabel = "DIR", description = "A spool or a footage folder.")
    private Path folder;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration of a master, which says where index and footage are.")
    private Path config;
  }

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration.")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--json", description = "Print one JSON object for each fault, and a summary.")
  private boolean json;

  private long faults;

  @Override
  public Integer call() throws IOException {
    if (what.config == null) {
      checkFolder(what.folder);
    } else {
      Settings settings = Settings.read(MasterKeys.ALL, what.config, System.getenv(), sets);
      FootageCheck.Sum sum =
          MasterCheck.run(MasterKeys.master(settings), f -> fault(f.key(), f.problem()));
      summarise(sum.segments(), sum.bytes());
    }
    return faults == 0 ? Main.OK : Main.FAILED;
  }

  private void checkFolder(Path folder) throws IOException {
    if (!sets.isEmpty()) {
      throw new UsageException("--set overrides a key of --config, and a folder has none");
    }
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "folder " + folder + (Files.exists(folder) ? " is not a folder" : " does not exist"));
    }
    Optional<String> bucket = StorePlace.bucketOf(folder);
    if (bucket.isPresent()) {
      throw new UsageException(
          "the footage of folder "
              + folder
              + " is in "
              + bucket.get()
              + ": name the configuration of its master, as in check --config master.yml");
    }
    FolderCheck check = new FolderCheck(folder, (file, problem) -> fault(file.toString(), problem));
    check.run();
    summarise(check.segments(), check.bytes());
  }

  private void fault(String file, String problem) {
    faults++;
    if (json) {
      Map<String, Object> fault = new LinkedHashMap<>();
      fault.put("event", "fault");
      fault.put("file", file);
      fault.put("problem", problem);
      Json.print(fault);
    } else {
      System.out.println(file + " " + problem);
    }
  }

  private void summarise(long segments, long bytes) {
    if (json) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("event", "summary");
      summary.put("segments", segments);
      summary.put("bytes", bytes);
      summary.put("faults", faults);
      Json.print(summary);
    } else {
      System.out.printf("%d segments, %d bytes, %d faults%n", segments, bytes, faults);
    }
  }
}
