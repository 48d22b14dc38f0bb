using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DispatchCenter.Simulator.Scenarios;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>What a run leaves behind in files.</summary>
internal static class SavedRun
{
    /// <summary>A trace holds every whistle; a report does not.</summary>
    /// <exception cref="BadInputException">The file cannot be read, or is not JSON.</exception>
    public static bool IsTrace(string path) => Read(path, file =>
    {
        using var whole = JsonDocument.Parse(file);
        return whole.RootElement.ValueKind == JsonValueKind.Object && whole.RootElement.TryGetProperty("summary", out _);
    });

    /// <exception cref="BadInputException">The file cannot be read, or is not what a run has written by <c>--json</c>.</exception>
    public static Summary Read(string path) => Read(path, file => JsonSerializer.Deserialize(file, SummaryJson.Default.Summary)) is { About: not null } summary
        ? summary
        : throw new BadInputException($"{path} is not the report of a run: write one by --json, with this version.");

    /// <summary>A report with the scenario in it.</summary>
    /// <exception cref="BadInputException">As for <see cref="Read(string)"/>, or the run had no scenario.</exception>
    public static (Summary Summary, ScenarioDocument Scenario) Scenario(string path)
    {
        var summary = Read(path);
        if (summary.About is not { Scenario: { } name, ScenarioText: { } text })
            throw new BadInputException($"{path} is the report of '{string.Join(' ', summary.About!.CommandLine)}', which had no scenario: repeat that command, or a trace (--trace).");
        return (summary, ScenarioReader.Read(Encoding.UTF8.GetBytes(text), name, $"{path}: {name}"));
    }

    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static async Task WriteJson<T>(string path, T value, JsonTypeInfo<T> type)
    {
        try
        {
            await using var file = File.Create(path);
            await JsonSerializer.SerializeAsync(file, value, type);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>UTF-8 without a byte order mark.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be written: {e.Message}", e);
        }
    }

    private static T Read<T>(string path, Func<Stream, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (JsonException e)
        {
            throw new BadInputException($"{path} is not what a run has written: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path} cannot be read: {e.Message}", e);
        }
    }
}
