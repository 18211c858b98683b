package io.github.raspberryspy.sink.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** Collects the statements that are run, with what they were asked for, and who asked. */
final class Statements implements SqlLogger {

  private static final StackWalker STACK =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Map<String, Statement> statements = new LinkedHashMap<>();
  private final Set<String> askers = new TreeSet<>();

  @Override
  @SuppressWarnings("removal") // there is no other way yet to read what is bound
  public void logBeforeExecution(StatementContext context) {
    String sql = context.getRenderedSql();
    Map<String, Argument> values = new HashMap<>();
    for (String name : context.getParsedSql().getParameters().getParameterNames()) {
      context.getBinding().findForName(name, context).ifPresent(v -> values.put(name, v));
    }
    statements.putIfAbsent(sql, new Statement(sql, values));
    STACK.forEach(
        frame ->
            askers.add(frame.getDeclaringClass().getSimpleName() + "." + frame.getMethodName()));
  }

  /** Each that is different. */
  List<Statement> all() {
    return List.copyOf(statements.values());
  }

  /** Methods that were on the stack. */
  Set<String> askers() {
    return askers;
  }

  /** Reads a row. */
  interface RowReader {
    String read(ResultSet row) throws SQLException;
  }

  /** One of them. */
  record Statement(String sql, Map<String, Argument> values) {

    /** What the database says of it. */
    List<String> explain(Handle h, String explain, RowReader reader) {
      Query query = h.createQuery(explain + sql);
      for (Matcher m = Pattern.compile("(?<!:):([a-zA-Z0-9]+)").matcher(sql); m.find(); ) {
        Argument value = values.get(m.group(1));
        if (value == null) {
          query.bindNull(m.group(1), Types.NULL);
        } else {
          query.bind(m.group(1), value);
        }
      }
      return query.map((rs, ctx) -> reader.read(rs)).list();
    }

    /** The table that it calls so. */
    String table(String alias) {
      Matcher m =
          Pattern.compile("(?:FROM|JOIN|UPDATE) (\\w+) (?:AS )?" + alias + "\\b").matcher(sql);
      return m.find() ? m.group(1) : alias;
    }
  }
}
