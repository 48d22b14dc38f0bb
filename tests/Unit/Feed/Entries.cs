using System.Text;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Ledger;

namespace DispatchCenter.Unit.Feed;

/// <summary>Entries of a journal, as they travel.</summary>
internal static class Entries
{
    public static readonly Audience Team = new(new CommunityCode("01"), [new TeamCode("01"), new TeamCode("02")], GridWorkers: false, Recusal.None);
    public static readonly Audience Recused = new(new CommunityCode("01"), [], GridWorkers: true, new Recusal(true));

    public static JournalEntry Of(long seq, int cardBytes = 40) => new()
    {
        Seq = seq,
        CallNo = $"W260311-{seq:D5}",
        Version = (int)seq,
        At = DateTimeOffset.UnixEpoch.AddMilliseconds(seq),
        By = "p-" + seq,
        What = "noted",
        Detail = [],
        Audience = Team,
        Before = Team,
        Card = Encoding.UTF8.GetBytes($"{{\"callNo\":\"{new string('x', cardBytes)}\"}}"),
    };
}
