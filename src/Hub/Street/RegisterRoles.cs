using System.Collections.Frozen;
using System.Text.Json;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;

namespace DispatchCenter.Hub.Street;

/// <summary>
/// The roles that a policy can name, read from the document of the register's kinds: who holds them is the business of the register, which stands above.
/// </summary>
internal static class RegisterRoles
{
    /// <summary>The kind of document.</summary>
    public const string Documents = "register-kinds";

    /// <summary>The kinds of a street that has none of its own.</summary>
    public static string Shipped()
    {
        using var reader = new StreamReader(typeof(RegisterRoles).Assembly.GetManifestResourceStream("DispatchCenter.Hub.Register.register-kinds.json")!);
        return reader.ReadToEnd();
    }

    /// <summary>Refuses a policy that names a role which the register does not have.</summary>
    /// <exception cref="UnusableDocumentException">It names the member.</exception>
    public static async Task CheckAsync(Database database, Policy policy, CancellationToken ct)
    {
        if (policy.Parties.All(p => p.Role is null)) return;
        await using var db = database.Context();
        using var kinds = JsonDocument.Parse(await db.Documents.AsNoTracking().Where(d => d.Kind == Documents).OrderByDescending(d => d.Version).Select(d => d.Json).FirstOrDefaultAsync(ct) ?? Shipped());
        var codes = (kinds.RootElement.TryGetProperty("roles", out var roles) ? roles.EnumerateArray().Select(r => r.GetProperty("code").GetString()) : []).ToFrozenSet();
        for (var i = 0; i < policy.Parties.Length; i++)
            if (policy.Parties[i].Role is { } role && !codes.Contains(role)) throw UnusableDocumentException.Of("policy_party_role", $"$.parties[{i}].role", role);
    }
}
