using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Ledger;

/// <summary>Puts the desk's reply into words for people.</summary>
internal static class Replies
{
    /// <param name="map">For team names.</param>
    public static Outcome Of(DeskReply reply, StreetMap? map = null) => reply switch
    {
        DeskReply.Done { Already: true } => Outcome.Of("already_done") with { Code = Codes.Ok },
        DeskReply.Done => Outcome.Of(Codes.Ok),
        DeskReply.Refused { Why: Refusal.AlreadyAccepted, Call.Lead: { } lead } => Outcome.Of(Codes.AlreadyAccepted, Winner(lead, map)),
        DeskReply.Refused { Why: Refusal.DesignatedMeanwhile, Call.Designated: { } sent } => Outcome.Of(Codes.DesignatedMeanwhile, Named(sent, map)),
        DeskReply.Refused refused => Outcome.Of(CodeOf(refused.Why)),
        DeskReply.KeyReused => Outcome.Of(Codes.IdempotencyKeyReused),
        DeskReply.Busy busy => Outcome.Of(Codes.Busy) with { RetryAfter = busy.RetryAfter },
        DeskReply.Failed => Outcome.Of(Codes.Internal),
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, null),
    };

    private static string CodeOf(Refusal why) => why switch
    {
        Refusal.NotFound => Codes.CallNotFound,
        Refusal.AlreadyAccepted => Codes.AlreadyAccepted,
        Refusal.OutOfTurn => Codes.OutOfTurn,
        Refusal.Over => Codes.CallOver,
        Refusal.WrongTeam => Codes.WrongTeam,
        Refusal.NotOnDuty => Codes.NotOnDuty,
        Refusal.MayNotAccept => Codes.MayNotAccept,
        Refusal.TookPart => Codes.TookPart,
        Refusal.NotGridWorker => Codes.NotGridWorker,
        Refusal.NoSuchAnswer => Codes.NoSuchAnswer,
        Refusal.ClockMoved => Codes.ClockMoved,
        Refusal.AnswersOwed => Codes.AnswersOwed,
        Refusal.Designated => Codes.TeamDesignated,
        Refusal.NotEntitled => Codes.NotEntitled,
        Refusal.UnknownTeam => Codes.TeamUnknown,
        Refusal.NobodyOnDuty => Codes.NobodyOnDuty,
        Refusal.UnknownParty => Codes.PartyUnknown,
        Refusal.AlreadyRequested => Codes.AlreadyRequested,
        Refusal.NothingRequested => Codes.NothingRequested,
        Refusal.OutOfBounds => Codes.OutOfBounds,
        Refusal.TooLate => Codes.TooLate,
        Refusal.Suspended => Codes.CallSuspended,
        Refusal.CannotMerge => Codes.CannotMerge,
        Refusal.DesignatedMeanwhile => Codes.DesignatedMeanwhile,
        Refusal.NothingToCorrect => Codes.NothingToCorrect,
        Refusal.NotBreached => Codes.NotBreached,
        Refusal.NoCaller => Codes.NoCaller,
        Refusal.AlreadyAnswered => Codes.AlreadyAnswered,
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };

    /// <summary>The team and the post that won, never the person.</summary>
    private static (string Zh, string En) Winner(Lead lead, StreetMap? map) => lead switch
    {
        Lead.OfTeam team => Join(Named(team.Team, map), $"post_{Names.Camel(team.Kind)}"),
        Lead.OfCommunity => Join(null, $"post_{Names.Camel(PostKind.CommunityDesk)}"),
        Lead.OfStreet => Join(null, $"post_{Names.Camel(PostKind.StreetDesk)}"),
        _ => throw new ArgumentOutOfRangeException(nameof(lead), lead, null),
    };

    private static (string Zh, string En) Named(TeamCode team, StreetMap? map) =>
        map?.FindTeam(team.Value) is { } known ? ($"{known.Name} {team}", $"{known.NameEn}, team {team}") : (team.Value, $"team {team}");

    private static (string Zh, string En) Join((string Zh, string En)? team, string post)
    {
        var (_, zh, en) = Sentences.Find(post);
        if (team is not { } named) return (zh, en);
        var winner = Outcome.Of("winner_team", named, (zh, en));
        return (winner.Message, winner.MessageEn);
    }
}
