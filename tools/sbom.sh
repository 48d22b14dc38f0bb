#!/bin/sh
# Writes a CycloneDX bill of materials of what the server ships to artifacts/sbom/. Needs the .NET SDK and the NuGet registry.
set -eu
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet CycloneDX src/Web/Web.csproj --output artifacts/sbom --output-format Json --filename dispatchcenter.cdx.json
