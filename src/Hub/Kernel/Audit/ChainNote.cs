using System.Data.Common;
using System.Globalization;
using System.Text;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DispatchCenter.Hub.Kernel.Audit;

/// <summary>
/// Notes the end of the chain in a file beside the database, as <c>N:HASH</c>, so that what is cut off at the end is told by something outside it. Compares once, at start.
/// </summary>
public sealed class ChainNote(Database database, TimeProvider time, ILogger<ChainNote> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);

    private string _noted = string.Empty;

    /// <summary>The note's file, beside the database.</summary>
    public static string FileOf(string notes) => notes + ".chain";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(FileOf(database.Notes)) && (await File.ReadAllTextAsync(FileOf(database.Notes), cancellationToken)).Trim().Split(':') is [var n, var hash]
            && long.TryParse(n, CultureInfo.InvariantCulture, out var link) && await HashOfAsync(link, cancellationToken) != hash) HubLog.ChainBehind(log, link);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await NoteAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await NoteAsync(stoppingToken);
    }

    /// <summary>The hash of a link: the next one holds it, or the head. Null if there is no such link.</summary>
    private async Task<string?> HashOfAsync(long link, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var ask = connection.CreateCommand();
        ask.CommandText = "SELECT prev FROM chain WHERE n = @n";
        var next = ask.CreateParameter();
        (next.ParameterName, next.Value) = ("@n", link + 1);
        ask.Parameters.Add(next);
        if (await ask.ExecuteScalarAsync(ct) is byte[] held) return Convert.ToHexStringLower(held);
        var end = await EndAsync(connection, ct);
        return end.Link == link ? end.Hash : null;
    }

    private async Task NoteAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenAsync(ct);
            var end = await EndAsync(connection, ct);
            var note = string.Create(CultureInfo.InvariantCulture, $"{end.Link}:{end.Hash}");
            if (note == _noted) return;
            PrivateFiles.Replace(FileOf(database.Notes), Encoding.ASCII.GetBytes(note + "\n"));
            _noted = note;
        }
        catch (Exception e) when (e is DbException or IOException or UnauthorizedAccessException)
        {
            HubLog.ChainNotNoted(log, e);
        }
    }

    private static async Task<ChainEnd> EndAsync(DbConnection connection, CancellationToken ct)
    {
        await using var ask = connection.CreateCommand();
        ask.CommandText = "SELECT link, link_hash, link_at FROM head";
        await using var reader = await ask.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? new ChainEnd(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2)) : ChainEnd.None;
    }
}
