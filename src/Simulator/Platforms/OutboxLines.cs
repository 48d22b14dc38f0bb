using Microsoft.Data.Sqlite;

namespace DispatchCenter.Simulator.Platforms;

/// <summary>One message as the street's own table has it.</summary>
internal sealed record OutboxEntry(long Id, string Key, string Channel, string Address, string CallNo, string Event, string Detail, string State, string Why)
{
    private const string PostPrefix = "post:";

    /// <summary>The post it is for; null for a place, which became a message for each post on duty there.</summary>
    public string? Post => Address.StartsWith(PostPrefix, StringComparison.Ordinal) ? Address[PostPrefix.Length..] : null;
}

/// <summary>An answer that a gateway reported, as the street has it.</summary>
internal sealed record BelievedReport(string Id, string Post, string CallNo, string Says, string Code)
{
    /// <summary>Whether they cannot come: after that no message is made for them.</summary>
    public bool IsNo => this is { Says: "cannot", Code: Contracts.Codes.Ok };
}

/// <summary>Reads what a stopped server has left.</summary>
internal static class OutboxLines
{
    public static IReadOnlyList<OutboxEntry> Read(string database)
    {
        using var connection = Open(database);
        using var rows = connection.CreateCommand();
        rows.CommandText = "SELECT id, key, channel, address, call_no, event, detail, state, why FROM outbox ORDER BY id";
        using var row = rows.ExecuteReader();
        var all = new List<OutboxEntry>();
        while (row.Read()) all.Add(new OutboxEntry(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8)));
        return all;
    }

    /// <summary>The reports that were believed.</summary>
    public static IReadOnlyList<BelievedReport> Believed(string database)
    {
        using var connection = Open(database);
        using var rows = connection.CreateCommand();
        rows.CommandText = "SELECT id, post, call_no, says, code FROM gateway_answers";
        using var row = rows.ExecuteReader();
        var all = new List<BelievedReport>();
        while (row.Read()) all.Add(new BelievedReport(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)));
        return all;
    }

    private static SqliteConnection Open(string database)
    {
        var connection = new SqliteConnection($"Data Source={database};Pooling=false");
        connection.Open();
        return connection;
    }
}
