package io.github.raspberryspy.daemon;

import io.github.raspberryspy.camera.CameraException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;

/**
 * The command line. Exit codes: 0 fine, 1 failed, 2 wrong use, 3 out of memory (by the JVM's own
 * choice too), 130 interrupted; a failure is one sentence on standard error.
 */
@Command(
    name = "raspberryspy",
    description = "Records cameras into segments that survive them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    scope = CommandLine.ScopeType.INHERIT)
public final class Main implements Callable<Integer> {

  /** By name, in the order in which help lists them. */
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("demo", DemoCommand.class);
    COMMANDS.put("camera", CameraCommand.class);
    COMMANDS.put("master", MasterCommand.class);
    COMMANDS.put("pair", PairCommand.class);
    COMMANDS.put("record", RecordCommand.class);
    COMMANDS.put("analyze", AnalyzeCommand.class);
    COMMANDS.put("check", CheckCommand.class);
  }

  static final int FAILED = 1;
  static final int WRONG_USE = 2;
  static final int OUT_OF_MEMORY = 3;
  static final int INTERRUPTED = 130;

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    tuneNatives();
    configureLogging();
    System.exit(run(args));
  }

  /** Runs a command. */
  static int run(String... args) {
    try {
      return commandLine(args).execute(args);
    } catch (LinkageError e) {
      return explain(e); // a native library cannot be loaded
    }
  }

  /** A command line that knows the command which is meant, or all where none is named. */
  static CommandLine commandLine(String... args) {
    CommandLine all = new CommandLine(new Main());
    // To read the options of those that are not meant would be most of what the start costs.
    Class<?> meant = args.length == 0 ? null : COMMANDS.get(args[0]);
    (meant == null ? COMMANDS.values() : List.of(meant)).forEach(all::addSubcommand);
    return all.setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, parsed) -> explain(e))
        .setParameterExceptionHandler(
            (e, arguments) -> {
              System.err.println("raspberryspy: " + e.getMessage().lines().findFirst().orElse(""));
              System.err.println(
                  "Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
              return WRONG_USE;
            });
  }

  /** Without a command there is nothing to do but to say what there is. */
  @Override
  public Integer call() {
    commandLine().usage(System.err);
    return WRONG_USE;
  }

  static int explain(Throwable e) {
    Throwable told = told(e);
    System.err.println("raspberryspy: " + sentence(told));
    return isWrongUse(told) ? WRONG_USE : FAILED;
  }

  /** What says the most: not the wrapper that a stream or a class's initialiser puts around it. */
  private static Throwable told(Throwable e) {
    boolean isWrapper =
        e instanceof UncheckedIOException || e instanceof ExceptionInInitializerError;
    boolean saysNothing =
        e.getMessage() == null || e.getMessage().equals(String.valueOf(e.getCause()));
    return isWrapper && saysNothing && e.getCause() != null ? e.getCause() : e;
  }

  private static String sentence(Throwable e) {
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return "failed: " + e;
    }
    if (e instanceof FileSystemException f && f.getReason() == null) {
      return sentence(f);
    }
    return message.lines().findFirst().orElse(message);
  }

  /** Java says the path alone, and the rest by the exception's name. */
  private static String sentence(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return e.getFile() + " does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return e.getFile() + " may not be read or written by this user";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return e.getFile() + " is not a folder";
    }
    return e.getFile() + " cannot be used: " + e.getClass().getSimpleName();
  }

  private static boolean isWrongUse(Throwable e) {
    return e instanceof UsageException
        || e instanceof IllegalArgumentException
        || (e instanceof CameraException c && c.kind() == CameraException.Kind.INVALID);
  }

  /**
   * JavaCPP would count resident memory against the heap's limit and call the collector; see docs.
   */
  private static void tuneNatives() {
    setDefault("org.bytedeco.javacpp.maxBytes", "0");
    setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    setDefault("java.awt.headless", "true");
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }

  private static void configureLogging() {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream config = Main.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version, as the build wrote it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"raspberryspy " + text()};
    }

    static String text() {
      Properties properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
        properties.load(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return properties.getProperty("version");
    }
  }

  static final int OK = ExitCode.OK;
}
