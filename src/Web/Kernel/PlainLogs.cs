using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Ledger;
using Npgsql;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Keeps codes, people and their words out of the logs, at every level and whatever the sink. Our own lines consist of ids and codes (<see cref="HubLog"/>). Of every other line
/// only the fixed text is written, with numbers and times; text that was filled in may be a path, a header or a hub's argument, and becomes <see cref="Left"/>. So do
/// the messages of exceptions that may quote what they were given, and all scopes.
/// </summary>
internal sealed partial class PlainLogs(LoggerFactory factory) : ILoggerFactory
{
    /// <summary>Stands for what was left out.</summary>
    public const string Left = "…";

    private static readonly string[] OfBackgroundServices = ["BackgroundService failed", "The HostOptions.BackgroundServiceExceptionBehavior is configured to"];

    /// <summary>Written at start, and about this machine alone.</summary>
    private static readonly string[] OfThisMachine = ["Now listening on: {address}", "Hosting environment: {EnvName}", "Content root path: {ContentRoot}"];

    public static void Add(IServiceCollection services) => services.AddSingleton<LoggerFactory>().AddSingleton<ILoggerFactory, PlainLogs>();

    private volatile bool _hasStarted;

    public ILogger CreateLogger(string categoryName) => new Logger(this, factory.CreateLogger(categoryName), categoryName.StartsWith(Telemetry.Name, StringComparison.Ordinal));

    /// <summary>From now on, a worker that ends is news.</summary>
    public void Started() => _hasStarted = true;

    public void AddProvider(ILoggerProvider provider) => factory.AddProvider(provider);

    public void Dispose() => factory.Dispose();

    /// <summary>A value as it may be written: text is left out, because it may be anything.</summary>
    private static object? Plain(object? value) => value switch
    {
        null or bool or byte or short or int or long or float or double or decimal or Enum or Guid or TimeSpan or DateTime or DateTimeOffset => value,
        Type type => type.Name,
        _ => Left,
    };

    /// <summary>A fixed text may have been put together before it was logged: what looks like a code or a telephone number is left out.</summary>
    private static string Text(string template) => Code().Replace(template, Left);

    [GeneratedRegex(@"[A-Za-z0-9_\-]{20,}|[0-9][0-9 -]{5,}[0-9]|[^\u0000-\u2fff]+")]
    private static partial Regex Code();

    [GeneratedRegex(@"\{([^{}:,]+)[^{}]*\}")]
    private static partial Regex Blank();

    private sealed class Logger(PlainLogs logs, ILogger logger, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!logger.IsEnabled(logLevel) || logs.IsNoNews(state, exception)) return;
            var shown = exception is null ? null : new PlainException(exception);
            if (isOurs) logger.Log(logLevel, eventId, state, shown, (it, _) => formatter(it, null));
            else logger.Log(logLevel, eventId, Line.Of(state), shown, static (line, _) => line.ToString());
        }
    }

    /// <summary>A failed start ends the program with one sentence, and what it cancels has not failed.</summary>
    private bool IsNoNews<TState>(TState state, Exception? exception) =>
        !_hasStarted && state is IReadOnlyList<KeyValuePair<string, object?>> values && values.LastOrDefault(v => v.Key == Line.Template).Value is string template
        && (template == "Hosting failed to start" || (exception is OperationCanceledException && OfBackgroundServices.Any(begins => template.StartsWith(begins, StringComparison.Ordinal))));

    /// <summary>A line of the framework or a library.</summary>
    private sealed class Line : List<KeyValuePair<string, object?>>
    {
        public const string Template = "{OriginalFormat}";

        private string _text = Left;

        public override string ToString() => _text;

        public static Line Of(object? state)
        {
            var line = new Line();
            if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || values.LastOrDefault(v => v.Key == Template).Value is not string template) return line;
            if (OfThisMachine.Contains(template))
            {
                line.AddRange(values);
                line._text = state.ToString()!;
                return line;
            }

            line.AddRange(values.Where(v => v.Key != Template).Select(v => KeyValuePair.Create(v.Key, Plain(v.Value))));
            line._text = Blank().Replace(Text(template), blank => Convert.ToString(line.Find(v => v.Key == blank.Groups[1].Value).Value ?? Left, CultureInfo.InvariantCulture)!);
            line.Add(new(Template, Text(template)));
            return line;
        }
    }

    /// <summary>An exception as it may be written: its type and where it happened, and its message if that comes from storage or the network and quotes nothing.</summary>
    private sealed class PlainException : Exception
    {
        private readonly string _text;

        public PlainException(Exception exception) : base(MessageOf(exception)) =>
            _text = string.Join(Environment.NewLine, Inner(exception).Select(e => $"{MessageOf(e)}{Environment.NewLine}{e.StackTrace}"));

        public override string ToString() => _text;

        private static IEnumerable<Exception> Inner(Exception exception)
        {
            for (var (e, most) = (exception, 8); e is not null && most > 0; e = e.InnerException, most--) yield return e;
        }

        private static string MessageOf(Exception e) => e switch
        {
            PostgresException postgres => $"{e.GetType().FullName}: {postgres.SqlState}{(postgres.SqlState is ['2', '2' or '3', ..] ? string.Empty : $" {postgres.MessageText}")}", // data and constraints quote values
            SettingsException or DbException or IOException or SocketException or TimeoutException or OperationCanceledException or UnauthorizedAccessException => $"{e.GetType().FullName}: {e.Message}",
            _ => e.GetType().FullName!,
        };
    }
}
