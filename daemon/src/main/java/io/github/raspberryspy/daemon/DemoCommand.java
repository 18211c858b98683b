package io.github.raspberryspy.daemon;

import io.github.raspberryspy.daemon.config.DurationConverter;
import io.github.raspberryspy.daemon.config.KeyConverter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A master and some cameras on this machine. */
@Command(name = "demo", description = "A master and some cameras on this machine, every part real.")
final class DemoCommand implements Callable<Integer> {

  @Option(
      names = "--dir",
      defaultValue = "raspberryspy-demo",
      paramLabel = "DIR",
      description = "Where spool and footage go; default: ${DEFAULT-VALUE}.")
  private Path folder;

  @Option(
      names = "--port",
      defaultValue = "8470",
      description = "The page's port; 0 takes a free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--cameras",
      paramLabel = "N",
      description = "How many cameras, 1 to 16; default: one for each source, or 2.")
  private Integer cameras;

  @Option(
      names = "--source",
      paramLabel = "URI",
      description = "What to film, once for each camera; default: a test picture.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--audio",
      paramLabel = "URI",
      description = "What to hear with each camera, such as test: for a tone; default: nothing.")
  private String audio;

  @Option(
      names = "--segment",
      defaultValue = "10s",
      converter = KeyConverter.Segment.class,
      paramLabel = "TIME",
      description = "Length of a segment; default: ${DEFAULT-VALUE}.")
  private Duration segment;

  @Option(
      names = "--for",
      converter = DurationConverter.class,
      paramLabel = "TIME",
      description = "Stop after this long; default: when interrupted.")
  private Duration limit;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int count = cameras != null ? cameras : Math.max(sources.size(), sources.isEmpty() ? 2 : 1);
    if (count < 1 || count > 16) {
      throw new UsageException("--cameras " + count + " is not within 1 to 16");
    }
    if (sources.size() > count) {
      throw new UsageException(
          "--source is given " + sources.size() + " times for " + count + " cameras");
    }
    DemoReport report = json ? new DemoReport.OfJson() : new DemoReport.OfText();
    try (Demo demo = Demo.start(folder, port, filming(count), report);
        Interrupts interrupts = Interrupts.closing(demo)) {
      demo.awaitEnd(limit);
      demo.finish();
    }
    return Main.OK;
  }

  private Demo.Filming filming(int count) {
    return new Demo.Filming(segment, sourcesFor(count), audio == null ? "" : audio);
  }

  private List<String> sourcesFor(int count) {
    List<String> all = new ArrayList<>(sources);
    for (int i = all.size(); i < count; i++) {
      all.add(
          sources.isEmpty()
              ? "test://?size=1280x720&fps=30&objects=1&seed=" + (7 + i)
              : sources.get(i % sources.size()));
    }
    return all;
  }
}
