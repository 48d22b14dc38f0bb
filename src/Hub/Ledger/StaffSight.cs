using DispatchCenter.Contracts;
using DispatchCenter.Domain.Calls;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Street;
using Role = DispatchCenter.Hub.Kernel.Rights.Role;

namespace DispatchCenter.Hub.Ledger;

/// <summary>
/// How staff come to one matter by its number. A number that the asker may not see gets one answer, whether it is hidden from them, another
/// team's or was never given; and whoever is off duty gets one answer for every number.
/// </summary>
public sealed class StaffSight(Database database, Roster roster, TimeProvider time)
{
    /// <summary>A whistle that the asker may read now.</summary>
    public async Task<Outcome<WhistleCall>> CaseAsync(Staff who, string? no, CancellationToken ct) =>
        await FindAsync(who, no, (sight, number) => CaseQueries.FindAsync(database, sight, number, ct));

    /// <summary>A matter of another kind that the asker may read now.</summary>
    public async Task<Outcome<Proceeding>> MatterAsync(Staff who, string? no, CancellationToken ct) =>
        await FindAsync(who, no, (sight, number) => CaseQueries.FindMatterAsync(database, sight, number, ct));

    /// <summary>Null if the asker may read the matter of this number now, of whatever kind; otherwise the refusal.</summary>
    public async Task<Outcome?> RefusalAsync(Staff who, string? no, CancellationToken ct)
    {
        Outcome found = CaseQueries.IsWhistle(no ?? string.Empty) ? await CaseAsync(who, no, ct) : await MatterAsync(who, no, ct);
        return found.Ok ? null : found;
    }

    /// <summary>Whether a post may see a matter, on duty or not: it is in the audience, or may verify it though it is of another community.</summary>
    public bool Covers(Post post, IMatter matter) =>
        Sight.Of(post).Covers(matter) || (matter is WhistleCall call && call.MayBeVerifiedBy(post, roster.Held));

    /// <summary>Whether a post is told what became of a case: it sees the case and is on duty, or it accepted the case and may finish it after its shift.</summary>
    public bool Sees(Post post, WhistleCall call) => Covers(post, call) && (IsOnDuty(post) || call.Owed(Domain.Sla.AnswerKind.Accept)?.Met?.By == post.Id);

    /// <summary>What a post is told of any number that it may not see.</summary>
    public Outcome Unseen(Post post) => Outcome.Of(IsOnDuty(post) ? Codes.CallNotFound : Codes.NotOnDuty);

    /// <summary>Whether boards, lists and streams show anything to an account now: to members of a team and a community's desk only while they are on duty.</summary>
    public bool IsCalled(Staff who) => !IsCalledOnDutyOnly(who.Role) || (who.Post is { } post && IsOnDuty(post));

    internal static bool IsCalledOnDutyOnly(Role role) => role is Role.Community or Role.Member;

    /// <summary>Whether a post is on duty now.</summary>
    public bool IsOnDuty(Post post) => roster.At(time.GetUtcNow()).Contains(post.Id);

    private async Task<Outcome<T>> FindAsync<T>(Staff who, string? no, Func<Sight, string, Task<T?>> find) where T : class, IMatter
    {
        if (who.Post is not { } post) return new(Outcome.Of(Codes.Forbidden));
        if (!IsOnDuty(post)) return new(Outcome.Of(Codes.NotOnDuty));
        return no is not null && await find(Sight.Of(post), no) is { } found && Covers(post, found) ? found : Outcome.Of(Codes.CallNotFound).As<T>();
    }
}
